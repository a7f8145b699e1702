"""What pages are put together of, each in one way: words, cards, charts, tables, forms, and how commands are sent."""
