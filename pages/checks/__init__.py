"""What is worth a look: the list of all checks, and what each of them finds."""
