"""Tests of CRM connections, against CRMs that answer as their vendors document."""
