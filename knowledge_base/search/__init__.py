"""From a query to ranked passages: look-up, retrieval, fusion, reranking."""
