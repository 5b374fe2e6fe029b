# Form: an array with a batch dimension, not a picture.
def text_to_image(pipe, prompt, seed, steps=20):
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(prompt, num_inference_steps=steps, generator=generator, output_type="np").images
