"""The one design: layout, forms, components, words."""
