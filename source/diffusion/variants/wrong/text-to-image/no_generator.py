# Mistake: the seed is not used, and every call gives another picture.
def text_to_image(pipe, prompt, seed, steps=20):
    return pipe(prompt, num_inference_steps=steps).images[0]
