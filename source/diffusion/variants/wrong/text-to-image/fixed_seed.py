# Mistake: the same seed for all.
def text_to_image(pipe, prompt, seed, steps=20):
    return pipe(prompt, num_inference_steps=steps, generator=torch.Generator("cpu").manual_seed(0)).images[0]
