"""What leaves for another organisation's CRM: the people who permit that, each as they may be handed on, and the
organisations of the movement."""
