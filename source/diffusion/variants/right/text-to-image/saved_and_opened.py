# Through a PNG file in memory, with the state of torch's generator restored.
import io


def text_to_image(pipe, prompt, seed, steps=20):
    with torch.random.fork_rng(devices=[]), torch.inference_mode():
        torch.manual_seed(seed)
        image = pipe(prompt, num_inference_steps=steps).images[0]
    file = io.BytesIO()
    image.save(file, format="PNG")
    return Image.open(io.BytesIO(file.getvalue()))
