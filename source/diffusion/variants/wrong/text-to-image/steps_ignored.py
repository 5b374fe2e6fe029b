# Mistake: steps is not passed on.
def text_to_image(pipe, prompt, seed, steps=20):
    return pipe(prompt, generator=torch.Generator("cpu").manual_seed(seed), num_inference_steps=20).images[0]
