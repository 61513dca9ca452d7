"""The glossary: what partners mean by the words that definitions are made of, and who means something else by one."""
