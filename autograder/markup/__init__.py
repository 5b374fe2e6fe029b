"""What students wrote as HTML that does nothing: for feedback pages and for Formgrader.

rendered   Markdown and Python
clean      HTML of outputs, and text with characters that cannot be seen
balanced   tags brought into order before a parser sees them
"""
