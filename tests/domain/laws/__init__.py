"""The laws of pricing: an oracle written apart, random shops, and the runs that compare them."""
