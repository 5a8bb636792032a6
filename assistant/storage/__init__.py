"""What is kept: conversations, approved answers, the log of changes."""
