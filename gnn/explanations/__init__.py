"""Are reasons true? Ways to name the facts behind a score, judged by what the whole network makes of a graph without
them."""
