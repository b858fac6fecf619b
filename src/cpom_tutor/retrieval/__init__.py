"""Finding passages: the embedder, the index versions, the lexical index, and their fusion.

    from cpom_tutor.config import load_settings
    from cpom_tutor.retrieval.retriever import open_index
    hits = open_index(load_settings()).search("which domain has carousels?")

Nothing heavy is imported until it is needed: Chroma when an index is opened, the embedding model at the
first search.
"""
