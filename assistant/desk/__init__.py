"""What officers do: approve answers, read what was not answered, publish, brief."""
