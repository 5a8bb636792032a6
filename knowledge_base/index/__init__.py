"""The index: generations, their legs and the stores that hold them."""
