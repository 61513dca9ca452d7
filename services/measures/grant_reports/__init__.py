"""Reports of awards that grants accepted: their figures become observations, their stories drafts of stories."""
