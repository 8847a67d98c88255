"""qabot: answers questions about an article with the article's own words.

    an article:  cli build -> shelf.load -> chunking.split -> encoder.encode -> faiss_index + keyword_index -> store.publish
    a question:  cli | discord_bot -> conversation.resolve -> retriever.retrieve -> reader.read -> confidence.judge -> reply

From Python, with the index that `qabot build` made:

    from qabot.settings import load_settings
    from qabot.wiring import open_bot

    bot = open_bot(load_settings())
    reply = bot.pipeline.ask("Who overthrew Torres?")

Each module's first line says what it does; `wiring` is the only one that names concrete stages. Importing `qabot` loads nothing.
"""
