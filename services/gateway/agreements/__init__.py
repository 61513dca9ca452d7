"""What members tells of agreements and controllers, and what an organisation's caller may not have for want of one."""
