"""What an ingest leaves behind and a search opens: generations and their stores."""
