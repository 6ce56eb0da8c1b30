"""Lists of requirements in any format, in and out: ours, OSCAL, CISO Assistant, workbooks, CSV."""
