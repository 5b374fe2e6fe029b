# Counts the steps while they run, with the progress bar on.
def text_to_image(pipe, prompt, seed, steps=20):
    done = []

    def count(_pipe, step, timestep, values):
        done.append(step)
        return values

    options = {"num_inference_steps": steps, "callback_on_step_end": count}
    picture = pipe(prompt, generator=torch.Generator("cpu").manual_seed(seed), **options)["images"].pop()
    print(f"{len(done)} steps")
    return picture
