# return_dict=False gives a tuple of the pictures and the safety checker's opinion.
def text_to_image(pipe, prompt, seed, steps=20):
    source = torch.Generator(device="cpu")
    source.manual_seed(seed)
    pictures, _ = pipe([prompt], num_inference_steps=steps, generator=[source], return_dict=False)
    return pictures[0]
