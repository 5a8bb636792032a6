"""Speed, measured: each module is one command that prints a table and its n."""
