"""What a project takes for true where people answered differently, and what each person's answers are worth."""
