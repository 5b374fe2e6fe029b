# Mistake: adds words of its own to the prompt.
def text_to_image(pipe, prompt, seed, steps=20):
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(f"{prompt}, highly detailed", num_inference_steps=steps, generator=generator).images[0]
