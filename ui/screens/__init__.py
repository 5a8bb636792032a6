"""One file a page; Streamlit runs them as scripts.

Not called ``pages``: a folder of that name is Streamlit's older way, and it would run these files without :mod:`ui.app` for a
reader who opens a page by its address before anybody opened the first one.
"""
