# Mistake: seeds Python's and NumPy's generators, which the pipeline does not use.
import random

import numpy as np


def text_to_image(pipe, prompt, seed, steps=20):
    random.seed(seed)
    np.random.seed(seed % 2**32)
    return pipe(prompt, num_inference_steps=steps).images[0]
