"""Big screens (大屏): what each shows, the organiser's commands, and when it was last heard of."""
