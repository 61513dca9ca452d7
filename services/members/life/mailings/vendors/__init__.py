"""The mailing tools that are spoken to: one module each, all of them a :class:`.tool.MailingTool`."""
