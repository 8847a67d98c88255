"""How the shipped reader was trained; nothing else in the package imports this.

squad.py     question files -> Question records (SQuAD format, NQ, QAMR, and their splits)
windows.py   a question and its paragraph -> one training pair, cut to a passage's size
reader.py    the run: `python -m qabot.training.reader --data FOLDER --output FOLDER`
"""
