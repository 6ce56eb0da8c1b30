"""The rapport d'analyse des offres, part by part."""
