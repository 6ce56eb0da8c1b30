"""Other people's formats, in and out, one file a format: reads, lists findings, writes; decides nothing; trusts nothing."""
