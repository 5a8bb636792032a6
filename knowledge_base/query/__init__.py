"""From what people type to the words of the documents."""
