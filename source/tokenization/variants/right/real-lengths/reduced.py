# functools.reduce and operator.add.
import operator
from functools import reduce

real_lengths = lambda attention_mask: [int(reduce(operator.add, row, 0)) for row in attention_mask]
