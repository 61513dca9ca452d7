"""How people answer by themselves: links, and the page behind them."""
