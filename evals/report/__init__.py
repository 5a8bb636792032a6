"""Reports of a run: one self-contained HTML file, and Markdown for a pull request."""
