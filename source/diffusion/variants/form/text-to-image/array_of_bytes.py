# Form: an array of whole numbers, not a picture.
import numpy as np


def text_to_image(pipe, prompt, seed, steps=20):
    generator = torch.Generator("cpu").manual_seed(seed)
    return np.array(pipe(prompt, num_inference_steps=steps, generator=generator).images[0])
