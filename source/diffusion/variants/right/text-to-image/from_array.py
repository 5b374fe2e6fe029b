# As an array of floats, turned into a picture by hand.
import numpy as np
import PIL.Image


def text_to_image(pipe, prompt, seed, steps=20):
    result = pipe(
        prompt, num_inference_steps=steps, generator=torch.Generator("cpu").manual_seed(seed), output_type="np"
    )
    return PIL.Image.fromarray((result.images[0] * 255).round().astype(np.uint8))
