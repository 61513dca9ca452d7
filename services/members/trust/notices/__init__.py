"""What people are told about their data: every version of a notice, and who was given which, when and how."""
