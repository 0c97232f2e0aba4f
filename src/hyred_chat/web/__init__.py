"""The web app, served from the same origin as the API: its files, its headers, and what the page is told at start."""
