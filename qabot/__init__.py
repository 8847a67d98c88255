"""qabot: answers questions about an article with the article's own words."""
