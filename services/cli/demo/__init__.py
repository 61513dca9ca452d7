"""The demo: fills a running suite through its public API alone, and watches every event arrive at a webhook receiver.

Everything is invented from a fixed seed, except the published figures in ``services/cli/facts``. A second run finds
what the first one made, by external ids, keys and names, and adds nothing.
"""
