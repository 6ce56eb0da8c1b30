"""What every document is set with: blocks, fonts, typography, and the files PDF, DOCX and ODT."""
