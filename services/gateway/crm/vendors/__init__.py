"""The CRMs that are spoken to: one module each, all of them a :class:`.vendor.Crm`."""
