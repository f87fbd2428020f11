"""Graph networks on exported subgraphs: training, evaluation, results."""
