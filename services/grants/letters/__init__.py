"""Documents that groups receive: offer letters, agreements and remittance advice, as PDF in plain English."""
