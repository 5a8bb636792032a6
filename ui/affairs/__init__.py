"""「办事」: work something out, count a deadline, write a letter, see what applies."""
