"""A small language of blocks, and the forms it is shown in: text, Markdown, HTML, notebooks."""
