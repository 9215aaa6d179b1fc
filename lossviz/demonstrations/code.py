"""The two ways from class logits to a loss of the first part, as people write them."""

WRONG_CODE = """\
p = logits.softmax(dim=1)
p_a = p[:, :2].sum(dim=1)  # right so far
loss = F.binary_cross_entropy_with_logits(
    p_a, is_a  # takes sigmoid(p_a)
)
"""
"""``logits`` are those of AC, AD, BC, BD; ``is_a`` is 1.0 where the true first part is A."""

RIGHT_CODE = """\
a = logits[:, :2].logsumexp(dim=1)
b = logits[:, 2:].logsumexp(dim=1)
loss = F.binary_cross_entropy_with_logits(
    a - b, is_a  # a - b is logit(P(A))
)
"""
